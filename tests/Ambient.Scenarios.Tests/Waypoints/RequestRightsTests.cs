using Ambient.Scenarios.Tests.Staging;

namespace Ambient.Scenarios.Tests.Waypoints;

/// <summary>Who may do what, asked of tokens (RequestRightsTests.Tokens.cs) and of authorization providers (RequestRightsTests.Providers.cs), counted on real requests.</summary>
[Collection(DefaultNamespace.Name)]
public sealed partial class RequestRightsTests(MeshFixture mesh, OrdersFixture orders) : OrdersScenario(mesh), IClassFixture<OrdersFixture>
{
    private const string Security = "security.istio.io";
    private const string Waypoint = "[{ group: gateway.networking.k8s.io, kind: Gateway, name: waypoint }]";
    private const string Service = "[{ group: \"\", kind: Service, name: orders-service }]";

    /// <summary>Applies an object of the namespace default and takes it away after the test.</summary>
    private async Task ApplyAsync(string kind, string name, string spec)
    {
        await ApplyAsync($$"""
            apiVersion: {{Security}}/v1
            kind: {{kind}}
            metadata: { name: {{name}}, namespace: default }
            spec: {{spec}}
            """);
        Afterwards(() => DeleteAsync(Security, kind, OrdersFixture.Namespace, name));
    }

    private Task<ShopLoad> CountAsync(string? token, params string[] more) =>
        LoadAsync("browser", 50, token is null ? [Orders, .. more] : [Orders, "--header", $"authorization: Bearer {token}", .. more]);

    /// <summary>All fifty answers have the status.</summary>
    private async Task AnswersAsync(int status, string? token, params string[] more)
    {
        ShopLoad load = await CountAsync(token, more);
        Assert.True(load.Status(status) == 50, $"{status} expected: {load}");
    }

    private Task<ShopLoad> BecomeAsync(int status, string? token, string what, params string[] more) => Until.Async(() => CountAsync(token, more), l => l.Status(status) == 50, what);
}
