/** A button that a click leaves where it is: the keyboard's place stays in the text, and Space types a space there. */
import type { ComponentProps } from "react";

export function Button({ onMouseDown, ...props }: ComponentProps<"button">) {
  return (
    <button
      type="button"
      {...props}
      onMouseDown={(event) => {
        event.preventDefault();
        onMouseDown?.(event);
      }}
    />
  );
}
