import { defineErrors } from './catalogue.ts';

export const dalErrors = defineErrors({});
