/** Names of services that issue credentials of no telling form: what looks random close after one is its token. */
export const vendorNames: readonly string[] = ['adafruit', 'datadog'];
