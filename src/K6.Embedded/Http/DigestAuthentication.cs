using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace K6.Embedded.Http;

/// <summary>The answer to a challenge of digest authentication (RFC 7616) with a fresh nonce of ours: <c>auth: 'digest'</c>.</summary>
internal static partial class DigestAuthentication
{
    /// <summary>The value of <c>Authorization</c>.</summary>
    /// <param name="challenge">The server's <c>WWW-Authenticate</c>.</param>
    /// <param name="user">The user's name.</param>
    /// <param name="password">The password.</param>
    /// <param name="method">The method of the request.</param>
    /// <param name="target">Path and query of the request.</param>
    /// <param name="body">Its body, which <c>qop=auth-int</c> protects.</param>
    public static string Answer(string challenge, string user, string password, string method, string target, byte[]? body)
    {
        var fields = Field().Matches(challenge).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Success ? m.Groups[2].Value : m.Groups[3].Value, StringComparer.OrdinalIgnoreCase);
        var (realm, nonce) = (fields.GetValueOrDefault("realm", ""), fields.GetValueOrDefault("nonce", ""));
        var algorithm = fields.GetValueOrDefault("algorithm", "MD5");
        var offered = fields.GetValueOrDefault("qop", "").Split(',', StringSplitOptions.TrimEntries);
        var qop = offered.Contains("auth") ? "auth" : offered.Contains("auth-int") ? "auth-int" : "";
        var clientNonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        const string Count = "00000001";

        var secret = Hash(algorithm, $"{user}:{realm}:{password}");
        if (algorithm.EndsWith("-sess", StringComparison.OrdinalIgnoreCase))
        {
            secret = Hash(algorithm, $"{secret}:{nonce}:{clientNonce}");
        }

        var request = Hash(algorithm, qop == "auth-int" ? $"{method}:{target}:{Hash(algorithm, body ?? [])}" : $"{method}:{target}");
        var response = Hash(algorithm, qop.Length == 0 ? $"{secret}:{nonce}:{request}" : $"{secret}:{nonce}:{Count}:{clientNonce}:{qop}:{request}");
        var answer = new StringBuilder($"Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{target}\", response=\"{response}\"");
        if (fields.ContainsKey("algorithm"))
        {
            answer.Append(", algorithm=").Append(algorithm);
        }

        if (qop.Length > 0)
        {
            answer.Append(", qop=").Append(qop).Append(", nc=").Append(Count).Append(", cnonce=\"").Append(clientNonce).Append('"');
        }

        if (fields.TryGetValue("opaque", out var opaque))
        {
            answer.Append(", opaque=\"").Append(opaque).Append('"');
        }

        return answer.ToString();
    }

    private static string Hash(string algorithm, string text) => Hash(algorithm, Encoding.UTF8.GetBytes(text));

#pragma warning disable CA5351 // The server names the algorithm.
    private static string Hash(string algorithm, byte[] bytes) => Convert.ToHexStringLower(
        algorithm.StartsWith("SHA-256", StringComparison.OrdinalIgnoreCase) ? SHA256.HashData(bytes)
        : algorithm.StartsWith("SHA-512-256", StringComparison.OrdinalIgnoreCase) ? Modules.OldHashes.Sha512Truncated(bytes, 32)
        : MD5.HashData(bytes));
#pragma warning restore CA5351

    [GeneratedRegex("""(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))""")]
    private static partial Regex Field();
}
