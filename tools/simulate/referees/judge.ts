import type { ModelCloud } from '../world/model-cloud.ts';

/** What every referee judges by, and how it reports a fault. */
export class Judge {
  protected readonly cloud: ModelCloud;
  protected readonly fail: (fault: string) => void;

  constructor(cloud: ModelCloud, fail: (fault: string) => void) {
    this.cloud = cloud;
    this.fail = fail;
  }
}
