using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace K6.LoadTesting.Services;

/// <summary>Ports of this machine.</summary>
internal static partial class PortOwner
{
    /// <summary>Whether somebody listens on a loopback port, or on it everywhere.</summary>
    public static bool IsTaken(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return false;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return true;
        }
    }

    /// <summary>Who listens, such as <c>dotnet (process 4711)</c>; null where that cannot be found out: other systems than Linux, other users.</summary>
    public static string? Describe(int port)
    {
        try
        {
            var sockets = Sockets("/proc/net/tcp", port).Concat(Sockets("/proc/net/tcp6", port)).Select(inode => $"socket:[{inode}]").ToHashSet(StringComparer.Ordinal);
            return sockets.Count == 0 ? null : Directory.EnumerateDirectories("/proc")
                .Where(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .Where(folder => Holds(folder, sockets))
                .Select(folder => $"{File.ReadAllText(Path.Combine(folder, "comm")).Trim()} (process {Path.GetFileName(folder)})")
                .FirstOrDefault();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Columns: number, local address:port in hexadecimal, remote, state (0A listens), …, the tenth is the inode.
    private static IEnumerable<string> Sockets(string table, int port) =>
        !File.Exists(table) ? [] : File.ReadLines(table)
            .Skip(1)
            .Select(line => Space().Split(line.Trim()))
            .Where(columns => columns.Length > 9 && columns[3] == "0A" && columns[1].EndsWith(string.Create(CultureInfo.InvariantCulture, $":{port:X4}"), StringComparison.Ordinal))
            .Select(columns => columns[9]);

    private static bool Holds(string process, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(handle => new FileInfo(handle).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
