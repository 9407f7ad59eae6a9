export { toCallSite } from './located.ts';
export type {
  HelperCall,
  LocatedCallSite,
  LocatedInput,
  ResultBinding,
  SliceLeftover,
  SliceReference,
} from './located.ts';
