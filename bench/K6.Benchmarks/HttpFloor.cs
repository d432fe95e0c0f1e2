using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;

namespace K6.Benchmarks;

/// <summary>What a request costs without an engine: threads that send a bare GET over <see cref="SocketsHttpHandler"/> and read the answer.</summary>
internal static class HttpFloor
{
    /// <summary>Runs the loop and writes the number of requests to stdout. Addresses with a blank between them are asked in turn.</summary>
    public static int Run(string urls, string users, string seconds)
    {
        var end = Stopwatch.GetTimestamp() + (long)(double.Parse(seconds, CultureInfo.InvariantCulture) * Stopwatch.Frequency);
        var counts = new long[int.Parse(users, CultureInfo.InvariantCulture)];
        var addresses = urls.Split(' ').Select(url => new Uri(url)).ToArray();
        var threads = counts.Select((_, i) => new Thread(() => counts[i] = Loop(addresses, end))).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Console.WriteLine(counts.Sum().ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static long Loop(Uri[] urls, long end)
    {
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null });
        var agent = new ProductInfoHeaderValue("floor", "1");
        var buffer = new byte[4096];
        var count = 0L;
        do
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, urls[count % urls.Length]);
            request.Headers.UserAgent.Add(agent);
            using var response = client.Send(request, CancellationToken.None);
            using var body = response.Content.ReadAsStream();
            while (body.Read(buffer) > 0)
            {
            }

            count++;
        }
        while (Stopwatch.GetTimestamp() < end);
        return count;
    }
}
