// Keys made for these cases and used for nothing else, and what the cases share.
import encoding from 'k6/encoding';
const bytes = (text) => new Uint8Array(encoding.b64decode(text));
export const pkcs8 = {
  one: bytes('MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgGzXlLU7DA7zVIqzCvLWgK/PJhkdWtBEYQs1FGs5Lx+ShRANCAARm2hvy3AspLRXKpQ7ITGwEpGdwTdaXfVk798Adtr6N5y6lKqf5Wj2ngx6LKPTSBEd+++zhWZyxm67e/t+KR0Fh'),
  two: bytes('MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgg0XoIvw8aiQbZy5gFPZfxKfq77G2h+/M57JZZJyTGB+hRANCAAT6goeNB+yMxIMdixCj3/Vp/ykRmsOC0VjbFjhkJacsxe813ngpRRhvVY0zR+nfli6RqOIG0UvwzLRcWXqLZfRq'),
  rsa: bytes('MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDcMyYuvshYiw9z31DJSriZU61f6U0KUo2zXa0yK97Zy/ONiv7OZCZNIHs4mE8wzKJSzgask1G1u5qlb51kH/iHLJ3wwrbt5zfg49hTjJmKqANtKYjFdPcmpZ0A74h8fm5M13vHiBqHMMHEhNFueIrzpm9RF1GjJwYiY6wpYN/e/+LTLeIrevccWSlR1QwwZ9PXsNdxV8lqgZIZQGD8smzcLdzUTBQ7H4M5bGZShYhMqvLScNy5k30R1uR1fjtyVNlh2JH2DRy5OkFUYaNPEFFN4hWws9bB+sCTb9uvsnO46+K6JhmfcxDPxofpTIjOF4ZbZa1uaKTrJRpVfV0uBJfDAgMBAAECggEADd+HG1DXzIROX+2E6Hm1satM9Ar92JWk6dUQEWYkLzKjUJqePSCgLSHLwaAO9TMfUvo5/2t0rW95aczjbKh6/wE3njCWV9zGb3vLaFAmaE73kEwamt4oqB2tC58LyVQp3NuCp+qSSUwwGRKJI12i24Dz6HcApLfTshz3fs/kqub0ScZETLuWePUkHk5lAqcK4PkglO7bmjhXNJB38rhONdYlw4RZ+ccpKh2sOXSiw94asdgYuYiYVnKVKwetA8GTGZAGB2tcBK/zyj+5K0aWFq3sqBEzJIl3Z9AwaqXDbFvlQCYZ4RyljaaNNq8ZdBDxNrhi+FtqclYGi0m/wV22EQKBgQD8JcOO1JohjL50zx5uWlUKvBGXbF8Z7IGsjKUz5RwWIS+KSCw3xna4JsVQWsRJ7w8sALMCkM6IZEZFRdidZgEqyaMBELII9pwAM5AlQAlW48P9JeaeMvEIrJ4wbeX5PTtu1Q7jGCILHxK5UDDp+1qaCkBXvYS8GSSuVyACMxoESwKBgQDfkG08JrX6qlm5UaOf8PpyzWCIfobxhJM+1fkTOet4Q47ur3UkraEb16NoHEgkmq/kVbELePpofgP3b9O+MxpHSxKvX2kfyRFr9UMdBysaFI5boJKeEeIahu3tTDQjjQeWbSjxgkMH52Fa1Bzp9R+sKtq0kU7fWYFj6gKlX6NfaQKBgEfG+ERQgQ/L4OufiiofzNWhc+CHGQtoKAHWh7CeJ8Ck8cOLiArYlDMX1lNpgzcItmjwSgUQ87of0WEm4OLthqeHfr9u4T9r9DyacQ4pjH8Pl1sYzu150uOFQALJRg4NQD3sqLA8znQcBFh8W3A//SqcgHR5nq9s+OQoKRR3N5DBAoGADpVKOtk/l6lTDv6fUMiUXba97ElsngaK4Fdu1u05SfAGO9WgK5NT5hAL7beikRiyDo/0a44pr3VA5vwZcNe+iBYCkwQDRHqGM2edSCB2lE3w91MjHUKHYDma/Zax8/u4Gfzm5dIcc0CJnjYl6LD/ruhgudScs38QLKdQIt95NbkCgYA0y1j5p2wfymIi4Fkip904iw0A8s1Sx3G9AkMsA7/MWkWj/B9Q7M+t9dQr4O4QgGpp/qfz2xZDWsP+NqsaJQUDGedXJ8wiSIuDRfwk6i1rjbPRo4VXbsIZxtcA4KPlf6pZ7PYziJC5HdQD5MRlcRUUoJwWYD/Ra+iI6fBmRx2KWA=='),
};
export const spki = { rsa: bytes('MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3DMmLr7IWIsPc99QyUq4mVOtX+lNClKNs12tMive2cvzjYr+zmQmTSB7OJhPMMyiUs4GrJNRtbuapW+dZB/4hyyd8MK27ec34OPYU4yZiqgDbSmIxXT3JqWdAO+IfH5uTNd7x4gahzDBxITRbniK86ZvURdRoycGImOsKWDf3v/i0y3iK3r3HFkpUdUMMGfT17DXcVfJaoGSGUBg/LJs3C3c1EwUOx+DOWxmUoWITKry0nDcuZN9EdbkdX47clTZYdiR9g0cuTpBVGGjTxBRTeIVsLPWwfrAk2/br7JzuOviuiYZn3MQz8aH6UyIzheGW2Wtbmik6yUaVX1dLgSXwwIDAQAB') };
export const hex = (b) => [...new Uint8Array(b)].map((x) => x.toString(16).padStart(2, '0')).join('');
export const fill = (length, value = 0) => new Uint8Array(length).fill(value);
export const key = (k) => `${k.type} ${k.extractable} ${k.algorithm.name} ${k.algorithm.length} ${k.algorithm.modulusLength} ${k.algorithm.namedCurve} ${k.algorithm.hash && k.algorithm.hash.name} ${k.usages}`;
export const jwk = (k) => Object.keys(k).sort().map((n) => `${n}=${k[n]}`).join(' ');
// What a call comes to: a value, or an error by its name and words; `onlyName` where the words are a library's.
export async function show(label, call, onlyName) {
  try {
    const v = await call();
    console.log(label, v instanceof ArrayBuffer ? hex(v) : v && v.algorithm ? key(v) : v && v.publicKey ? `${key(v.publicKey)} | ${key(v.privateKey)}` : String(v));
    return v;
  } catch (e) {
    console.log(label, '!', onlyName ? e.name : `${e.name} | ${e.message} | ${e}`);
  }
}
