/**
 * Whether an IPv4 address lies in a block.
 *
 * @param block `10.0.0.0/24`
 * @returns undefined when `block` is no IPv4 block
 */
export function cidrMatcher(block: string): ((address: string) => boolean) | undefined {
  const [, base, length] = /^([\d.]+)\/(\d{1,2})$/.exec(block) ?? [];
  const network = numberOf(base ?? '');
  const bits = Number(length);
  if (network === undefined || !(bits <= 32)) return undefined;
  const size = 2 ** (32 - bits);
  const first = Math.floor(network / size);
  return (address) => {
    const number = numberOf(address);
    return number !== undefined && Math.floor(number / size) === first;
  };
}

function numberOf(address: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
