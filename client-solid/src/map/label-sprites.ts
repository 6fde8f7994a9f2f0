/**
 * Short texts as ready-made pictures. Letters with a rim are slow to stroke and a map shows a
 * hundred of them in every frame while it moves; as pictures they cost almost nothing.
 */
export type LabelSprites = {
  sprite(text: string, fontPx: number): LabelSprite;
};

export type LabelSprite = {
  readonly canvas: HTMLCanvasElement;
  /** Width of the letters and size of the picture, in CSS pixels. */
  readonly textWidth: number;
  readonly width: number;
  readonly height: number;
};

export type LabelStyle = {
  readonly ink: string;
  /** The page behind the map; a rim of it keeps letters readable over seats. */
  readonly paper: string;
  readonly fontFamily: string;
};

const RIM_PX = 4;
const LINE_OF_FONT = 1.3;
const SPRITES_MAX = 1_500;

export function createLabelSprites(style: LabelStyle, pixelRatio: number): LabelSprites {
  const made = new Map<string, LabelSprite>();
  return {
    sprite(text, fontPx) {
      const key = `${fontPx} ${text}`;
      const known = made.get(key);
      if (known !== undefined) return known;
      // Row names come from a chart file: there may be any number of different ones.
      if (made.size >= SPRITES_MAX) made.clear();
      const sprite = draw(text, fontPx, style, pixelRatio);
      made.set(key, sprite);
      return sprite;
    },
  };
}

function draw(text: string, fontPx: number, style: LabelStyle, pixelRatio: number): LabelSprite {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  const font = `600 ${fontPx}px ${style.fontFamily}`;
  if (context === null) return { canvas, textWidth: 0, width: 0, height: 0 };
  context.font = font;
  const textWidth = context.measureText(text).width;
  const width = Math.ceil(textWidth + 2 * RIM_PX);
  const height = Math.ceil(fontPx * LINE_OF_FONT + RIM_PX);
  canvas.width = Math.max(1, Math.round(width * pixelRatio));
  canvas.height = Math.max(1, Math.round(height * pixelRatio));
  context.scale(pixelRatio, pixelRatio);
  context.font = font;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = RIM_PX;
  context.strokeStyle = style.paper;
  context.fillStyle = style.ink;
  context.strokeText(text, width / 2, height / 2);
  context.fillText(text, width / 2, height / 2);
  return { canvas, textWidth, width, height };
}
