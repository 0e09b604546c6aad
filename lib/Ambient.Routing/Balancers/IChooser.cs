namespace Ambient.Routing.Balancers;

/// <summary>A way of choosing one of a fixed set.</summary>
internal interface IChooser
{
    /// <summary>Null when none fits.</summary>
    /// <param name="fits">Whether an endpoint may be chosen now. Asked for a few, and for all only before answering null.</param>
    BalancedEndpoint? Choose(ulong? hash, in Fitness fits);
}
