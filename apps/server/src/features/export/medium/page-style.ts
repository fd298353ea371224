export const PAGE_STYLE = `
*{box-sizing:border-box}
body{margin:0;background:#0d0f12;color:#e6e9ee;font:16px/1.45 system-ui,sans-serif;height:100vh;display:flex;flex-direction:column}
header{padding:12px 20px;border-bottom:1px solid #2a2f37;display:flex;flex-wrap:wrap;gap:4px 24px;align-items:baseline}
h1{font-size:20px;margin:0;overflow-wrap:anywhere}
header p,#notice{margin:0;color:#a9b2bf}
#notice{padding:8px 20px;background:#2a2410;color:#f2d680;font-size:14px}
main{flex:1;display:grid;grid-template-columns:minmax(220px,300px) 1fr;min-height:0}
nav{overflow:auto;border-right:1px solid #2a2f37;padding:8px}
nav h2{font-size:14px;margin:14px 8px 6px;color:#a9b2bf;font-weight:600;overflow-wrap:anywhere}
nav button,nav a{display:block;width:100%;min-height:44px;text-align:left;padding:8px 12px;margin:2px 0;border:1px solid transparent;border-radius:6px;background:none;color:inherit;font:inherit;cursor:pointer;text-decoration:none;overflow-wrap:anywhere}
nav button:hover,nav a:hover{background:#1b2027}
nav [aria-current=true]{background:#1d3350;border-color:#4f8fd9}
nav small{display:block;color:#a9b2bf}
:focus-visible{outline:2px solid #6fb1ff;outline-offset:2px}
#stage{display:flex;flex-direction:column;min-height:0;min-width:0;background:#000}
#picture{flex:1;min-height:0;object-fit:contain;width:100%}
#caption{margin:0;padding:4px 16px;color:#a9b2bf;text-align:center}
#controls{display:flex;flex-wrap:wrap;gap:4px 20px;padding:8px 16px;background:#14181d}
#controls label{display:flex;gap:8px;align-items:center;flex:1 1 200px}
input[type=range]{flex:1;min-width:80px;height:28px}
@media(max-width:640px){main{grid-template-columns:1fr;grid-template-rows:minmax(96px,30%) 1fr}nav{border-right:0;border-bottom:1px solid #2a2f37}}
`;
