export * from './access';
export * from './gateways';
export * from './history';
export * from './HoopAuthentikClient';
export * from './integrations';
export { pageQuerySchema, type PageQuery } from './query';
export * from './requests';
