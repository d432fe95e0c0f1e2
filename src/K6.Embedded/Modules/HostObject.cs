using Jint;
using Jint.Native;
using Jint.Native.Object;

namespace K6.Embedded.Modules;

/// <summary>
/// An object of a script that stands for one of the engine's: a jar, a key. It holds that one itself. A table beside the realm (ConditionalWeakTable) was slower
/// and kept memory: each entry is a handle that the collector walks, and a busy load makes millions.
/// </summary>
internal sealed class HostObject : ObjectInstance
{
    private readonly object held;

    /// <summary>Makes a plain object.</summary>
    /// <param name="engine">Its engine.</param>
    /// <param name="held">What it stands for.</param>
    /// <param name="prototype">Where its functions are; null for one that has them itself.</param>
    public HostObject(Engine engine, object held, ObjectInstance? prototype = null)
        : base(engine)
    {
        this.held = held;
        Prototype = prototype ?? engine.Intrinsics.Object.PrototypeObject;
    }

    /// <summary>What a value stands for; null when it stands for nothing of that kind.</summary>
    public static T? Held<T>(JsValue value)
        where T : class => (value as HostObject)?.held as T;
}
