export * from './leads';
export * from './deals';
export * from './services';
