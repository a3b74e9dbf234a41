import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';

/** A public key in OpenSSH's form. */
export interface SshPublicKey {
  /** `ssh-rsa AAAA…`, without a comment. */
  readonly line: string;
  /** MD5 of the key blob, 16 pairs of hexadecimal digits with colons: RFC 4716, section 4. */
  readonly fingerprint: string;
}

/**
 * How many fields each key type has after its name: RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4. ImportKeyPair
 * accepts rsa, dsa and ecdsa according to its page. Only third parties report that it accepts ed25519.
 */
const FIELDS: Readonly<Record<string, number>> = {
  'ssh-rsa': 2,
  'ssh-dss': 4,
  'ssh-ed25519': 1,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
};

/** @returns undefined when the text is not one whole key of a known type */
export function parseSshPublicKey(body: string): SshPublicKey | undefined {
  const match = /^(\S+) +([A-Za-z0-9+/]+={0,2})(?: .*)?$/.exec(body.trim());
  const fieldCount = FIELDS[match?.[1] ?? ''];
  if (match === null || fieldCount === undefined) return undefined;
  const blob = Buffer.from(match[2]!, 'base64');
  const fields = splitBlob(blob);
  const isWhole = fields?.length === fieldCount + 1 && fields[0]!.toString() === match[1];
  if (!isWhole || fields.some((field) => field.length === 0)) return undefined;
  return publicKeyOf(match[1]!, blob);
}

/** A new RSA pair of 2,048 bits. The size is from the page of CreateKeyPair, PKCS#8 from the documents of ROS. */
export function generateRsa(): { publicKey: SshPublicKey; privateKeyPem: string } {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const { n, e } = pair.publicKey.export({ format: 'jwk' });
  const blob = joinBlob([Buffer.from('ssh-rsa'), positive(e!), positive(n!)]);
  return { publicKey: publicKeyOf('ssh-rsa', blob), privateKeyPem: pem(pair.privateKey) };
}

/**
 * The ed25519 public key that belongs to a name: the same in every local cloud, so that a policy can
 * name its fingerprint. Anyone who knows the name can derive the private key, so use it for nothing real.
 */
export function publicKeyNamed(name: string): SshPublicKey {
  const seed = createHash('sha256').update(`local key pair ${name}`).digest();
  const privateKey = createPrivateKey({
    key: Buffer.concat([ED25519_PKCS8, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  const blob = joinBlob([Buffer.from('ssh-ed25519'), Buffer.from(x!, 'base64url')]);
  return publicKeyOf('ssh-ed25519', blob);
}

/** What comes before the 32 bytes of an ed25519 private key in PKCS#8: RFC 8410 §7. */
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

function publicKeyOf(type: string, blob: Buffer): SshPublicKey {
  const digest = createHash('md5').update(blob).digest('hex');
  return {
    line: `${type} ${blob.toString('base64')}`,
    fingerprint: digest.match(/../g)!.join(':'),
  };
}

function pem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** A number of a JWK as an SSH mpint: a leading zero byte where the first bit would be read as a sign. */
function positive(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url');
  return bytes[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}

function joinBlob(fields: readonly Buffer[]): Buffer {
  return Buffer.concat(
    fields.flatMap((field) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(field.length);
      return [length, field];
    }),
  );
}

function splitBlob(blob: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < blob.length) {
    if (at + 4 > blob.length) return undefined;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return undefined;
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields;
}
