using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using K6.Embedded.Http;
using K6.Embedded.Options;

namespace K6.Embedded.Tests.Http;

/// <summary>The messages are those of k6 2.2.</summary>
[TestClass]
public class ClientCertificateTests
{
    // What `openssl rsa -aes128 -traditional` writes above the key; the password is "abc".
    private const string Vector = "00112233445566778899AABBCCDDEEFF";

    private static readonly RSA Rsa = RSA.Create(2048);
    private static readonly ECDsa Ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly string RsaCertificate = Pem(new CertificateRequest("CN=rsa", Rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    private static readonly string EcCertificate = Pem(new CertificateRequest("CN=ec", Ec, HashAlgorithmName.SHA256));

    [TestMethod]
    public void Keys_of_every_form_that_k6_reads_are_read()
    {
        foreach (var (certificate, key, password) in (IEnumerable<(string, string, string?)>)
            [
                (RsaCertificate, Rsa.ExportRSAPrivateKeyPem(), null),
                (RsaCertificate, Rsa.ExportPkcs8PrivateKeyPem(), null),
                (EcCertificate, Ec.ExportECPrivateKeyPem(), null),
                (EcCertificate, Ec.ExportPkcs8PrivateKeyPem(), null),
                (RsaCertificate, Encrypted("abc"), "abc"),
            ])
        {
            using var loaded = ClientCertificate.Load(new TlsAuth(certificate, key, password, null));
            Assert.IsTrue(loaded.HasPrivateKey, key);
        }
    }

    [TestMethod]
    public void What_cannot_be_read_is_said_in_the_words_of_k6()
    {
        Refuses("nothing", Rsa.ExportRSAPrivateKeyPem(), null, "tls: failed to find any PEM data in certificate input");
        Refuses(Rsa.ExportRSAPrivateKeyPem(), Rsa.ExportRSAPrivateKeyPem(), null, "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched");
        Refuses(RsaCertificate, "nothing", null, "tls: failed to find any PEM data in key input");
        Refuses(RsaCertificate, RsaCertificate, null, "tls: found a certificate rather than a key in the PEM for the private key");
        Refuses(RsaCertificate, Ec.ExportECPrivateKeyPem(), null, "tls: failed to parse private key");
        Refuses(RsaCertificate, Encrypted("abc"), null, "tls: failed to parse private key");
        Refuses(RsaCertificate, Encrypted("abc"), "abd", "x509: decryption password incorrect");
        using var other = RSA.Create(2048);
        Refuses(RsaCertificate, other.ExportRSAPrivateKeyPem(), null, "tls: private key does not match public key");
    }

    private static void Refuses(string certificate, string key, string? password, string message) =>
        Assert.AreEqual(message, Assert.ThrowsExactly<FormatException>(() => ClientCertificate.Load(new TlsAuth(certificate, key, password, null))).Message);

    private static string Pem(CertificateRequest request)
    {
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return certificate.ExportCertificatePem();
    }

    /// <summary>The key as OpenSSL encrypts it in PEM: AES with a key of one round of MD5 over password and salt.</summary>
    private static string Encrypted(string password)
    {
        using var aes = Aes.Create();
        var vector = Convert.FromHexString(Vector);
#pragma warning disable CA5351
        aes.Key = MD5.HashData([.. System.Text.Encoding.UTF8.GetBytes(password), .. vector[..8]]);
#pragma warning restore CA5351
        var text = Convert.ToBase64String(aes.EncryptCbc(Rsa.ExportRSAPrivateKey(), vector), Base64FormattingOptions.InsertLineBreaks).ReplaceLineEndings("\n");
        return $"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{Vector}\n\n{text}\n-----END RSA PRIVATE KEY-----\n";
    }
}
