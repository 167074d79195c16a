/** @type {import("vite").UserConfig} */
export default { build: { rolldownOptions: { input: ["index.html", "react.html"] } } };
