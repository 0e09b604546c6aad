using Ambient.Shop.Calling;

namespace Ambient.Shop.Roles;

/// <summary>The services of the shop by name.</summary>
internal static class ShopRoles
{
    public static IReadOnlyList<string> Names { get; } = ["gateway", "orders", "payment", "inventory", "notification", "auth"];

    public static IShopRole? Find(string name, ShopClient client) => name switch
    {
        "gateway" => new GatewayRole(client),
        "orders" => new OrdersRole(client),
        "payment" or "inventory" or "notification" or "auth" => new LeafRole(),
        _ => null,
    };
}
