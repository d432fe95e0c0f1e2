/** What scripts import as `k6-sdk`. Nothing that a script does not use gets into its bundle. */
export { ApiClient, jsonText } from './client.ts';
export type { ClientOptions, RequestOptions, Value } from './client.ts';
export { between, capture, cookie, formField, match } from './capture.ts';
export { answered } from './answered.ts';
export { bytes } from './bytes.ts';
export { dateText, moment } from './dates.ts';
export type { DateUnit } from './dates.ts';
export { dataset } from './dataset.ts';
export type { Dataset } from './dataset.ts';
export { milliseconds } from './durations.ts';
export type { Duration } from './durations.ts';
export { above, atLeast, atMost, below, body, contains, differs, equals, exists, expect, header, json, matches, status, valueAt, within } from './expectations.ts';
export type { Answer, Condition, Expectation, Place, Statuses } from './expectations.ts';
export { integer, oneOf, random, randomText } from './random.ts';
export { think } from './think.ts';
export { weighted } from './weighted.ts';
