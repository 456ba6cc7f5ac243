/** How deep blocks may lie in one another. One level is one step of indentation; a list item on its own counts too. */
export const nestingDepthMax = 64;

/** How many mistakes one run reports before it stops reading. */
export const diagnosticsMax = 1_000;

/** The longest key in UTF-16 code units; YAML lets an implicit key have 1024 characters (YAML 1.2.2, 7.4). */
export const keyUnitsMax = 1_000;

/** How many columns of a source line a rendered diagnostic shows. */
export const excerptColumnsMax = 120;
