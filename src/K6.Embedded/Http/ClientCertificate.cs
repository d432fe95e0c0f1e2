using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using K6.Embedded.Options;

namespace K6.Embedded.Http;

/// <summary>Reads the client certificates of <c>tlsAuth</c>, and says in k6's words what is wrong with one.</summary>
internal static partial class ClientCertificate
{
    private const string NoKey = "tls: failed to parse private key";

    /// <summary>The certificate with its key.</summary>
    /// <exception cref="FormatException">It cannot be read; the message is k6's.</exception>
    public static X509Certificate2 Load(TlsAuth identity)
    {
        var blocks = Blocks(identity.Cert);
        if (blocks.Count == 0)
        {
            throw new FormatException("tls: failed to find any PEM data in certificate input");
        }

        var found = blocks.FindIndex(b => b.Label == "CERTIFICATE");
        if (found < 0)
        {
            throw new FormatException(blocks.Exists(IsKey)
                ? "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched"
                : "tls: failed to find any PEM data in certificate input");
        }

        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(blocks[found].Data);
            using var whole = WithKey(certificate, Key(identity));
            return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
        }
        catch (CryptographicException)
        {
            throw new FormatException("x509: malformed certificate");
        }
    }

    private static PemBlock Key(TlsAuth identity)
    {
        var blocks = Blocks(identity.Key);
        if (blocks.Count == 0)
        {
            throw new FormatException("tls: failed to find any PEM data in key input");
        }

        var found = blocks.FindIndex(IsKey);
        if (found < 0)
        {
            throw new FormatException("tls: found a certificate rather than a key in the PEM for the private key");
        }

        var block = blocks[found];
        return identity.Password is { Length: > 0 } password ? Decrypted(block, password) : block;
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, PemBlock block)
    {
        try
        {
            if (certificate.GetECDsaPublicKey() is { } ecPublic)
            {
                ecPublic.Dispose();
                using var ec = ECDsa.Create();
                Import(block, "EC PRIVATE KEY", key => ec.ImportECPrivateKey(key, out _), key => ec.ImportPkcs8PrivateKey(key, out _));
                return certificate.CopyWithPrivateKey(ec);
            }

            using var rsa = RSA.Create();
            Import(block, "RSA PRIVATE KEY", key => rsa.ImportRSAPrivateKey(key, out _), key => rsa.ImportPkcs8PrivateKey(key, out _));
            return certificate.CopyWithPrivateKey(rsa);
        }
        catch (CryptographicException)
        {
            throw new FormatException(NoKey);
        }
        catch (ArgumentException)
        {
            throw new FormatException("tls: private key does not match public key");
        }
    }

    private static void Import(PemBlock block, string ownLabel, Action<byte[]> own, Action<byte[]> pkcs8)
    {
        if (block.Label == ownLabel)
        {
            own(block.Data);
        }
        else if (block.Label == "PRIVATE KEY")
        {
            pkcs8(block.Data);
        }
        else
        {
            throw new FormatException(NoKey);
        }
    }

    /// <summary>The encryption that PEM itself has (RFC 1421, OpenSSL's <c>DEK-Info</c>): the only one that k6 reads.</summary>
    private static PemBlock Decrypted(PemBlock block, string password)
    {
        var info = DekInfo().Match(block.Headers);
        if (!info.Success)
        {
            throw new FormatException("x509: no DEK-Info header in block");
        }

        using SymmetricAlgorithm algorithm = info.Groups[1].Value switch
        {
            "AES-128-CBC" or "AES-192-CBC" or "AES-256-CBC" => Aes.Create(),
#pragma warning disable CA5350, CA5351 // The key says what it is encrypted with.
            "DES-EDE3-CBC" => TripleDES.Create(),
            "DES-CBC" => DES.Create(),
#pragma warning restore CA5350, CA5351
            _ => throw new FormatException("x509: unknown encryption mode"),
        };
        var length = info.Groups[1].Value switch
        {
            "DES-CBC" => 8,
            "DES-EDE3-CBC" => 24,
            var aes => int.Parse(aes.AsSpan(4, 3), CultureInfo.InvariantCulture) / 8,
        };
        var vector = Convert.FromHexString(info.Groups[2].Value);
        try
        {
            algorithm.Key = KeyOf(Encoding.UTF8.GetBytes(password), vector.AsSpan(0, 8), length);
            return block with { Data = algorithm.DecryptCbc(block.Data, vector) };
        }
        catch (CryptographicException)
        {
            throw new FormatException("x509: decryption password incorrect");
        }
    }

#pragma warning disable CA5351 // How OpenSSL makes the key of a password here.
    private static byte[] KeyOf(byte[] password, ReadOnlySpan<byte> salt, int length)
    {
        var key = new List<byte>();
        byte[] last = [];
        while (key.Count < length)
        {
            last = MD5.HashData([.. last, .. password, .. salt]);
            key.AddRange(last);
        }

        return [.. key.Take(length)];
    }
#pragma warning restore CA5351

    private static List<PemBlock> Blocks(string text)
    {
        var blocks = new List<PemBlock>();
        foreach (Match match in Block().Matches(text))
        {
            var data = new byte[match.Groups[3].Length];
            if (Convert.TryFromBase64String(match.Groups[3].Value, data, out var length) && length > 0)
            {
                blocks.Add(new PemBlock(match.Groups[1].Value, match.Groups[2].Value, data[..length]));
            }
        }

        return blocks;
    }

    private static bool IsKey(PemBlock block) => block.Label == "PRIVATE KEY" || block.Label.EndsWith(" PRIVATE KEY", StringComparison.Ordinal);

    [GeneratedRegex(@"-----BEGIN ([A-Z0-9 ]+)-----\s*?\n((?:[\w-]+:[^\n]*\n)*)([^-]*)-----END \1-----")]
    private static partial Regex Block();

    [GeneratedRegex(@"DEK-Info: *([\w-]+), *([0-9A-Fa-f]+)")]
    private static partial Regex DekInfo();

    private sealed record PemBlock(string Label, string Headers, byte[] Data);
}
