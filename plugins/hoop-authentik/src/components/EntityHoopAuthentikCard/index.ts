export { EntityHoopAuthentikCard } from './EntityHoopAuthentikCard';
