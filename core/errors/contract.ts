import { defineErrors } from './catalogue.ts';

export const contractErrors = defineErrors({});
