/** What scripts import as `k6-sdk`. Nothing that a script does not use gets into its bundle. */
export { dataset } from './dataset.ts';
export type { Dataset } from './dataset.ts';
