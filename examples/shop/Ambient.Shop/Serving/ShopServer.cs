using System.Net;
using Ambient.Shop.Calling;
using Ambient.Shop.Roles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ambient.Shop.Serving;

/// <summary>
/// One service: HTTP/1.1 on 8080 (<c>SHOP_HTTP</c>), gRPC on 9090 (<c>SHOP_GRPC</c>), behaviour on 8081 of the loopback. Every answer
/// names service, version and pod, and what the services behind it said.
/// </summary>
internal static class ShopServer
{
    public static async Task<int> RunAsync()
    {
        ShopIdentity identity = ShopIdentity.Read();
        using var client = new ShopClient();
        if (ShopRoles.Find(identity.Role, client) is not { } role)
        {
            await Console.Error.WriteLineAsync($"ambient-shop: SHOP_ROLE={identity.Role}: known are {string.Join(", ", ShopRoles.Names)}").ConfigureAwait(false);
            return 2;
        }

        var control = new BehaviourControl();
        var front = new ShopFront(identity, role, control);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.IPv6Any, Port("SHOP_HTTP", 8080), static l => l.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.IPv6Any, Port("SHOP_GRPC", 9090), static l => l.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, BehaviourControl.Port, static l => l.Protocols = HttpProtocols.Http1);
        });
        await using WebApplication app = builder.Build();
        app.Run(context => context.Connection.LocalPort == BehaviourControl.Port ? control.ServeAsync(context) : front.ServeAsync(context));
        await app.RunAsync().ConfigureAwait(false);
        return 0;
    }

    private static int Port(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), System.Globalization.CultureInfo.InvariantCulture, out int port) ? port : otherwise;
}
