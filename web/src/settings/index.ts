export * from './profile';
export * from './members';
export * from './workspace';
export * from './pipelines';
export * from './approvalRules';
export * from './audit';
export * from './delegations';
