/** An instance id, and where it was given: `id 2`, `line 3 of ids.txt`. */
export interface NamedId {
  readonly instanceId: string;
  readonly from: string;
}
