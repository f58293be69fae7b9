export { SecretValue } from './SecretValue';
export { once } from './once';
export { describeValue } from './describeValue';
