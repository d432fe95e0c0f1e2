using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Shop.Api;

/// <summary>
/// One login. The basket belongs to it and not to the user, so that any number of virtual users can share the
/// few accounts without emptying each other's basket.
/// </summary>
public sealed class Session(string user)
{
    /// <summary>Who logged in.</summary>
    public string User { get; } = user;

    /// <summary>What has been chosen since.</summary>
    public Basket Basket { get; } = new();

    /// <summary>Lets endpoints ask for the session that <see cref="BearerAuthentication"/> found.</summary>
    public static ValueTask<Session?> BindAsync(HttpContext context) =>
        ValueTask.FromResult(context.Features.Get<Session>());
}

/// <summary>Who may log in, and the newest 100 000 logins by their token.</summary>
public sealed class Sessions
{
    /// <summary>The password of every user. This shop is a demo: a real one stores salted hashes.</summary>
    public const string DemoPassword = "k6-demo";

    private static readonly HashSet<string> Users = ["alice", "bob", "carol", "dave", "erin"];

    private readonly Recent<string, Session> byToken = new(100_000);

    /// <summary>Opens a session and hands out its token: 32 hexadecimal digits that cannot be guessed.</summary>
    /// <returns>False when the user or the password is wrong.</returns>
    public bool TryOpen(string user, string password, [NotNullWhen(true)] out string? token)
    {
        token = null;
        if (!Users.Contains(user) || password != DemoPassword)
        {
            return false;
        }

        token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        byToken.Add(token, new Session(user));
        return true;
    }

    /// <summary>Finds the session that a token was handed out for.</summary>
    public bool TryFind(string token, [NotNullWhen(true)] out Session? session) =>
        byToken.TryGet(token, out session);
}
