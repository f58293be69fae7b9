export { SecretValue } from './SecretValue';
export { once } from './once';
export { takeApartRemedy, withRemedy } from './remedy';
export { describeValue } from './describeValue';
