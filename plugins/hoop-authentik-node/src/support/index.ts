export { SecretValue } from './SecretValue';
export { once } from './once';
export { takeApartRemedy, withRemedy } from './remedy';
export { conceal, sharesPiece, spellingsOf } from './conceal';
export { oneLine, withoutColours } from './oneLine';
export { describeValue } from './describeValue';
export { reasonOf, sentence } from './sentence';
