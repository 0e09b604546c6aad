using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints;

/// <content>Manifests that authorize requests, with callers of two identities.</content>
public sealed partial class FieldTests
{
    private const string Status = "http://orders-service/api/orders/7/status";

    [Fact]
    public async Task F07_Authorization_LetsExactlyItsRequestsThrough()
    {
        await ApplyFileAsync("07-authorizationpolicy-orders.yaml");
        await BecomesAsync("browser", l => l.Status(403) == 60, "the policy is in force");

        await ExactlyThoseOf07Async();
    }

    [Fact]
    public async Task F19_DenyAllWith07_LetsExactlyThoseOf07Through()
    {
        await ApplyFileAsync("19-authorizationpolicy-deny-all.yaml");
        await BecomesAsync("browser", l => l.Status(403) + l.Unanswered == 60, "nothing is let through", Status);
        await ApplyFileAsync("07-authorizationpolicy-orders.yaml");
        await BecomesAsync("browser", l => l.Status(200) == 60, "status is let through", Status);

        await ExactlyThoseOf07Async();
    }

    private async Task ExactlyThoseOf07Async()
    {
        (string From, string Method, string Url, int Status)[] cases =
        [
            ("payment", "POST", Orders, 200),
            ("browser", "POST", Orders, 403),
            ("payment", "GET", Orders, 403),
            ("payment", "POST", "http://orders-service/api/orders/7", 403),
            ("payment", "GET", Status, 200),
            ("browser", "GET", Status, 200),
            ("browser", "POST", Status, 403),
            ("browser", "GET", "http://orders-service/api/orders/7/lines/status", 403),
        ];
        foreach (var (from, method, url, status) in cases)
        {
            ShopLoad load = await LoadAsync(from, 100, url, "--method", method);
            Assert.True(load.Status(status) == 100, $"{from} {method} {url}: {load}");
        }
    }
}
