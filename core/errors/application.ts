import { defineErrors } from './catalogue.ts';

export const applicationErrors = defineErrors({});
