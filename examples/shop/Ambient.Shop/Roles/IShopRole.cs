namespace Ambient.Shop.Roles;

/// <summary>What one of the shop's services does.</summary>
internal interface IShopRole
{
    Task<RoleAnswer> AnswerAsync(RoleRequest request, CancellationToken stop);
}
