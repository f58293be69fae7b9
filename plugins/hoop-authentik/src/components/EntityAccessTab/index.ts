export { EntityAccessTab } from './EntityAccessTab';
