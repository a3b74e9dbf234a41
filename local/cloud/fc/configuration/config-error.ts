/** An `s.yaml` that the local cloud cannot carry out. The message names the place. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  /** @param place a path such as `resources.attach.props.triggers[0].triggerConfig.authType` */
  constructor(place: string, state: string) {
    super(`Cannot read "s.yaml": ${place === '' ? 'the file' : place} ${state}`);
  }
}
