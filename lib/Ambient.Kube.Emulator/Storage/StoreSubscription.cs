namespace Ambient.Kube.Emulator.Storage;

/// <summary>Somebody who is told of changes; null <see cref="Shelf"/> means all.</summary>
internal sealed record StoreSubscription(string? Shelf, Action<StoreEvent> Sink)
{
    public bool Equals(StoreSubscription? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
