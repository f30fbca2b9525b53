export * from './employees';
export * from './departments';
