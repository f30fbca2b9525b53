export * from './profile';
export * from './members';
export * from './workspace';
export * from './pipelines';
