// A rejection of subtle that nobody handles.
export default async function () {
  await crypto.subtle.generateKey({ name: 'AES-CBC', length: 100 }, true, ['encrypt']);
}
