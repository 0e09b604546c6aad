using Ambient.Shop.Calling;

namespace Ambient.Shop.Roles;

/// <summary>The shop's front: lets auth look at each request, then asks orders. A front page needs nobody.</summary>
internal sealed class GatewayRole(ShopClient client) : IShopRole
{
    public async Task<RoleAnswer> AnswerAsync(RoleRequest request, CancellationToken stop)
    {
        if (!request.Path.StartsWith("/api/", StringComparison.Ordinal))
        {
            return new RoleAnswer(200, []);
        }

        CallAnswer auth = await client.HttpAsync("GET", "auth", "/verify", null, request.Headers, stop).ConfigureAwait(false);
        return auth.Ok
            ? RoleAnswer.After(auth, await client.HttpAsync(request.Method, "orders", request.Path, request.Method == "GET" ? null : request.Body, request.Headers, stop).ConfigureAwait(false))
            : RoleAnswer.After(auth);
    }
}
