namespace Ambient.Shop.Roles;

/// <summary>A service that calls nobody: payment charges, inventory reserves, notification tells, auth lets everybody in.</summary>
internal sealed class LeafRole : IShopRole
{
    public Task<RoleAnswer> AnswerAsync(RoleRequest request, CancellationToken stop) => Task.FromResult(new RoleAnswer(200, []));
}
