using Ambient.Shop.Calling;

namespace Ambient.Shop.Roles;

/// <summary>
/// <c>POST /api/orders</c> reserves (gRPC), charges, and tells the customer, which may fail without harm. Everything else is answered from
/// here. Without <c>SHOP_ALONE=false</c> no other service is called, so that orders can be tried by itself.
/// </summary>
internal sealed class OrdersRole(ShopClient client) : IShopRole
{
    private readonly bool _alone = Environment.GetEnvironmentVariable("SHOP_ALONE") != "false";

    public async Task<RoleAnswer> AnswerAsync(RoleRequest request, CancellationToken stop)
    {
        if (_alone || request is not { Method: "POST", Path: "/api/orders" })
        {
            return new RoleAnswer(200, []);
        }

        CallAnswer reserved = await client.GrpcAsync("inventory", "/shop.Inventory/Reserve", "{}", request.Headers, stop).ConfigureAwait(false);
        if (!reserved.Ok)
        {
            return RoleAnswer.After(reserved);
        }

        CallAnswer charged = await client.HttpAsync("POST", "payment", "/charge", "{}", request.Headers, stop).ConfigureAwait(false);
        if (!charged.Ok)
        {
            return RoleAnswer.After(reserved, charged);
        }

        CallAnswer told = await client.HttpAsync("POST", "notification", "/tell", "{}", request.Headers, stop).ConfigureAwait(false);
        return RoleAnswer.After(reserved, charged, told) with { Status = 201 };
    }
}
