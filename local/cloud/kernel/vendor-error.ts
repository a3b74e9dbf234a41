/** An error as a vendor's service words it. */
export interface VendorError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}
