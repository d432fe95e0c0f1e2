using System.Collections.Concurrent;
using System.Net;

namespace K6.Embedded.Http;

/// <summary>Addresses as text; shared strings.</summary>
internal static class AddressTexts
{
    private static readonly ConcurrentDictionary<IPAddress, string> Known = new();

    /// <summary>The text of an address.</summary>
    public static string Of(IPAddress address) => Known.Count < 1_000 ? Known.GetOrAdd(address, static a => a.ToString()) : address.ToString();
}
