namespace Ambient.Shop.Serving;

/// <summary>Who this process is, from its environment: <c>SHOP_ROLE</c> (orders), <c>VERSION</c> (v1), <c>POD_NAME</c>.</summary>
internal sealed record ShopIdentity(string Role, string Version, string Pod)
{
    public static ShopIdentity Read() => new(Text("SHOP_ROLE", "orders"), Text("VERSION", "v1"), Text("POD_NAME", Environment.MachineName));

    private static string Text(string name, string otherwise) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : otherwise;
}
