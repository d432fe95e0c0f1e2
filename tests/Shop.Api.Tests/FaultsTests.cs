using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Options;

namespace Shop.Api.Tests;

[TestClass]
public sealed class FaultsTests
{
    [TestMethod]
    public async Task Latency_delays_requests_but_not_health()
    {
        await using var shop = await RunningShop.StartAsync("--Shop:Latency", "60000");
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await shop.Client.GetAsync("/health");

        await Assert.ThrowsAsync<OperationCanceledException>(
            () => shop.Client.GetAsync("/products", impatient.Token));
    }

    [TestMethod]
    public async Task A_leak_keeps_memory_with_each_request()
    {
        await using var shop = await RunningShop.StartAsync("--Shop:Leak", "2000");
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < 50; i++)
        {
            await shop.Client.GetAsync("/products/1");
        }

        Assert.IsGreaterThan(before + 60_000_000, GC.GetTotalMemory(forceFullCollection: true));
    }

    [TestMethod]
    public async Task Allocation_on_demand_keeps_nothing()
    {
        await using var shop = await RunningShop.StartAsync("--Shop:Allocate", "10000");
        var (allocated, kept) = (GC.GetTotalAllocatedBytes(), GC.GetTotalMemory(forceFullCollection: true));

        for (var i = 0; i < 20; i++)
        {
            await shop.Client.GetAsync("/products/1");
        }

        Assert.IsGreaterThan(allocated + 150_000_000, GC.GetTotalAllocatedBytes());
        Assert.IsLessThan(kept + 150_000_000, GC.GetTotalMemory(forceFullCollection: true));
    }

    [TestMethod]
    public async Task The_failure_rate_is_the_share_of_requests_that_fail_and_the_same_ones_in_every_run()
    {
        var first = await FailedAsync();
        var second = await FailedAsync();

        Assert.AreEqual(25, first.Count, delta: 1);
        CollectionAssert.AreEqual(first, second);

        static async Task<List<int>> FailedAsync()
        {
            await using var shop = await RunningShop.StartAsync("--Shop:FailureRate", "0.25");
            var failed = new List<int>();
            for (var i = 0; i < 100; i++)
            {
                if ((await shop.Client.GetAsync("/products/1")).StatusCode == HttpStatusCode.ServiceUnavailable)
                {
                    failed.Add(i);
                }

                Assert.AreEqual(HttpStatusCode.OK, (await shop.Client.GetAsync("/health")).StatusCode);
            }

            return failed;
        }
    }

    [TestMethod]
    [DataRow("X-Shop-Delay", "/products/1")]
    [DataRow(null, "/products/1?delay=200")]
    public async Task A_request_can_ask_for_its_own_delay(string? header, string path)
    {
        await using var shop = await RunningShop.StartAsync("--Shop:Faults", "true");

        var clock = Stopwatch.StartNew();
        var response = await SendAsync(shop, path, header, "200");

        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        Assert.IsGreaterThan(180, clock.ElapsedMilliseconds);
    }

    [TestMethod]
    [DataRow("X-Shop-Fail", "/products/1")]
    [DataRow(null, "/products/1?fail=418")]
    public async Task A_request_can_ask_to_fail(string? header, string path)
    {
        await using var shop = await RunningShop.StartAsync("--Shop:Faults", "true");

        var response = await SendAsync(shop, path, header, "418");

        Assert.AreEqual(418, (int)response.StatusCode);
    }

    [TestMethod]
    [DataRow("X-Shop-Fail", "200")]
    [DataRow("X-Shop-Fail", "yes")]
    [DataRow("X-Shop-Delay", "-1")]
    [DataRow("X-Shop-Delay", "60001")]
    public async Task A_fault_that_makes_no_sense_is_a_bad_request(string header, string value)
    {
        await using var shop = await RunningShop.StartAsync("--Shop:Faults", "true");

        var response = await SendAsync(shop, "/products/1", header, value);

        Assert.AreEqual(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [TestMethod]
    public async Task Nobody_can_ask_for_faults_unless_they_are_switched_on()
    {
        await using var shop = await RunningShop.StartAsync("--Shop:Latency", "1");

        var response = await SendAsync(shop, "/products/1?fail=500&delay=60000", "X-Shop-Fail", "500");

        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
    }

    [TestMethod]
    public async Task A_request_that_waits_is_answered_when_the_shop_stops()
    {
        await using var shop = await RunningShop.StartAsync("--Shop:Faults", "true");
        var waiting = shop.Client.GetAsync("/products/1?delay=60000");
        await Task.Delay(200); // until the request has arrived

        await shop.App.StopAsync();

        Assert.AreEqual(HttpStatusCode.OK, (await waiting).StatusCode);
    }

    [TestMethod]
    public void A_failure_rate_that_is_no_share_stops_the_start()
    {
        var error = Assert.ThrowsExactly<OptionsValidationException>(
            () => ShopApp.Build(["--Shop:FailureRate", "3"]));

        Assert.Contains("Shop:FailureRate is a share from 0 to 1", error.Message);
    }

    private static Task<HttpResponseMessage> SendAsync(RunningShop shop, string path, string? header, string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (header is not null)
        {
            request.Headers.Add(header, value);
        }

        return shop.Client.SendAsync(request);
    }
}
