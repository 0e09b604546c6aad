using Ambient.Compile;
using Ambient.Operator.Indexing;

namespace Ambient.Operator.Issuing;

/// <summary>The mesh's trust domain as last compiled; every certificate is in it.</summary>
internal sealed class TrustDomainInForce(string initial) : IMeshConsumer
{
    private volatile string _name = initial;

    public string Name => _name;

    public void Consume(CompileDelta delta)
    {
        if (delta.Update.Settings is { } settings)
        {
            _name = settings.TrustDomain;
        }
    }
}
