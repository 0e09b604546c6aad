using Ambient.Compile;

namespace Ambient.Operator.Indexing;

/// <summary>Hears of each compiled difference, one at a time and in order.</summary>
internal interface IMeshConsumer
{
    void Consume(CompileDelta delta);
}
