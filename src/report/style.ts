import pc from 'picocolors';

/** How text is coloured: real escapes on a terminal, nothing elsewhere. The caller decides; this room does not look. */
export interface Style {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly info: (text: string) => string;
  readonly good: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly dim: (text: string) => string;
}

export function styleOf(colours: boolean): Style {
  const c = pc.createColors(colours);
  return { error: c.red, warning: c.yellow, info: c.cyan, good: c.green, strong: c.bold, dim: c.dim };
}

export const plain: Style = styleOf(false);
