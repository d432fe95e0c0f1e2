using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Interop;
using K6.Embedded.Execution;
using K6.Embedded.Http;
using K6.Embedded.WebSockets;

namespace K6.Embedded.Runtime;

/// <summary>One JavaScript realm: engine, globals, modules, event loop. Used by one thread at a time.</summary>
internal sealed class VuRealm : IDisposable
{
    private readonly List<(JsValue Promise, JsValue? Reason)> rejections = [];
    private readonly ModuleHost modules;
    private ObjectInstance exports = null!;
    private readonly List<IDisposable> unended = [];
    private VuHttp? http;
    private WebSocketDialer? webSockets;
    private ScenarioState? scenario;
    private string? frameUrl;
    private bool wantsFrameUrl;

    /// <summary>Makes a realm and runs the script's init code in it.</summary>
    /// <exception cref="ScriptException">The init code threw.</exception>
    /// <exception cref="TestAbortedException">It called <c>exec.test.abort</c>.</exception>
    /// <exception cref="IterationInterruptedException">The token was signalled while it ran.</exception>
    public VuRealm(ScriptProgram program, ScriptLoadRequest request, VuContext context, SharedState shared, CancellationToken interrupt)
    {
        Program = program;
        Request = request;
        Context = context;
        Shared = shared;
        modules = new ModuleHost(program);
        Engine = new Engine(options =>
        {
            options.EnableModules(modules);
            options.UseHostFactory(_ => new K6Host(this));
            options.Constraint(Interrupt);
            options.Constraints.StackOverflowGuard = true;
            options.SetBuildCallStackHandler((name, location, _) => FrameOf(name, location));
        });
        modules.Attach(this);
        Engine.Advanced.PromiseRejectionTracker += (_, e) => Track(e);
        Stacks = new StackTraces(Engine);
        Errors = new GoErrors(this);
        Globals.Install(this);
        RunInit(interrupt);
    }

    public ScriptProgram Program { get; }

    public ScriptLoadRequest Request { get; }

    public VuContext Context { get; }

    /// <summary>What all VUs of the test share.</summary>
    public SharedState Shared { get; }

    public Engine Engine { get; }

    public EventLoop Loop { get; } = new();

    public VuInterrupt Interrupt { get; } = new();

    public StackTraces Stacks { get; }

    public GoErrors Errors { get; }

    /// <summary>Whether the init code runs.</summary>
    public bool InInit { get; private set; } = true;

    /// <summary>The test.</summary>
    public TestState Test => Context.Test;

    /// <summary>The VU's HTTP side; made at the first use.</summary>
    public VuHttp Http => http ??= new VuHttp(Context);

    /// <summary>Opens the VU's WebSockets; made at the first use.</summary>
    public WebSocketDialer WebSockets => webSockets ??= new WebSocketDialer(Context);

    /// <summary>Makes the objects of <c>k6/html</c>; made at the first use.</summary>
    public Modules.HtmlObjects Html => field ??= new Modules.HtmlObjects(this);

    /// <summary>Parsed URLs.</summary>
    public UrlCache Urls { get; } = new();

    /// <summary>What <c>http.setResponseCallback</c> set: the answers that are expected; null measures no failures.</summary>
    public ExpectedStatuses? Expected { get; set; } = ExpectedStatuses.Default;

    /// <summary>The present <c>__ENV</c>.</summary>
    public ObjectInstance? Environment { get; set; }

    /// <summary>Whether <see cref="Environment"/> has variables of a scenario.</summary>
    public bool HasScenarioEnvironment { get; set; }

    /// <summary>Where the JavaScript that called the present host function lies: the address of its file.</summary>
    public string CallerUrl
    {
        get
        {
            frameUrl = null;
            wantsFrameUrl = true;
            _ = Engine.Advanced.StackTrace;
            wantsFrameUrl = false;
            return frameUrl ?? modules.CurrentUrl;
        }
    }

    /// <summary>The frame of the JavaScript that called the present host function: <c>default (file:///…:1:2(1))</c>.</summary>
    public string CallerFrame
    {
        get
        {
            // The first line is the host function's own frame.
            var lines = Engine.Advanced.StackTrace.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return (lines.Length > 1 ? lines[1] : lines.Length > 0 ? lines[0] : "").Replace("\tat ", "", StringComparison.Ordinal);
        }
    }

    /// <summary>A k6 error to throw: JavaScript sees an instance of <c>GoError</c>.</summary>
    public JavaScriptException GoError(string message) => Errors.Create(message);

    /// <summary><c>require(specifier)</c> from the file that calls.</summary>
    public JsValue Require(string specifier) => modules.Require(CallerUrl, specifier);

    /// <summary>One of k6's modules, whether the script imports it or not.</summary>
    public ObjectInstance BuiltinModule(string name) => modules.Builtin(name);

    /// <summary>An exported value; undefined when there is none.</summary>
    public JsValue Export(string name)
    {
        var value = exports.Get(name);
        return value.IsUndefined() && name != "default" && exports.Get("default") is ObjectInstance inner && !inner.IsCallable() ? inner.Get(name) : value;
    }

    /// <summary>The names of all exported functions.</summary>
    public HashSet<string> ExportedFunctions()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in exports.GetOwnPropertyKeys())
        {
            if (key.IsString() && exports.Get(key).IsCallable())
            {
                names.Add(key.ToString());
            }
        }

        return names;
    }

    /// <summary>Calls an exported function and runs the event loop until nothing is left.</summary>
    /// <returns>What it returned, or what its promise came to.</returns>
    /// <exception cref="JavaScriptException">It threw.</exception>
    /// <exception cref="UncaughtRejectionException">A promise was rejected and nobody handled it.</exception>
    /// <exception cref="IterationInterruptedException">The token was signalled.</exception>
    /// <exception cref="ScriptAbortedException"><c>exec.test.abort</c> was called.</exception>
    public JsValue Call(JsValue function, JsValue[] arguments, CancellationToken interrupt)
    {
        Interrupt.Token = interrupt;
        rejections.Clear();
        try
        {
            var result = Engine.Call(function, JsValue.Undefined, arguments);
            var settled = result;
            if (result.IsPromise())
            {
                settled = JsValue.Undefined;
                Then(result, value => settled = value);
            }

            Loop.Run(RunMicrotasks, interrupt);
            return settled;
        }
        catch
        {
            AbandonLoop();
            Engine.Advanced.ResetCallStack();
            throw;
        }
        finally
        {
            Interrupt.Token = default;
        }
    }

    /// <summary>Prepares the globals for an iteration.</summary>
    public void BeginIteration()
    {
        if (!ReferenceEquals(scenario, Context.Scenario))
        {
            scenario = Context.Scenario;
            Globals.SetEnvironment(this, scenario?.Environment);
        }

        Engine.SetValue("__ITER", Context.IterationInInstance);
        Context.Group = Test.RootGroup;
    }

    /// <summary>What must not outlive the iteration; it is disposed at its end, unless <see cref="Ended"/> comes before.</summary>
    public void EndsWithIteration(IDisposable what) => unended.Add(what);

    /// <summary>It came to its end by itself.</summary>
    public void Ended(IDisposable what) => unended.Remove(what);

    /// <summary>Cleans up after an iteration: cookies, what has not ended, and connections where the options say so.</summary>
    public void EndIteration()
    {
        foreach (var what in unended)
        {
            what.Dispose();
        }

        unended.Clear();
        http?.EndIteration();
    }

    /// <summary>Runs what promises have queued, and ends with an exception for a rejection that nobody handled.</summary>
    public void RunMicrotasks()
    {
        Engine.Advanced.ProcessTasks();
        if (rejections.Count > 0)
        {
            var reason = rejections[0].Reason;
            rejections.Clear();
            throw new UncaughtRejectionException(StackTraces.TextOfRejection(reason));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        http?.Dispose();
        webSockets?.Dispose();
        Loop.Dispose();
        Engine.Dispose();
    }

    private void RunInit(CancellationToken interrupt)
    {
        Interrupt.Token = interrupt;
        try
        {
            if (Program.Get(Program.EntryUrl, Program.EntryUrl) is { IsCommonJs: true } file)
            {
                exports = modules.RunCommonJs(file);
                Loop.Run(RunMicrotasks, interrupt);
            }
            else
            {
                var import = Engine.Modules.StartImport(Program.EntryUrl);
                Loop.Run(() => ProcessImport(import), interrupt);
                exports = import.Namespace ?? throw new ScriptException("the script awaits something that never comes", isStackTrace: false);
            }
        }
        catch (JavaScriptException e)
        {
            throw new ScriptException(Stacks.TextOf(e));
        }
        catch (UncaughtRejectionException e)
        {
            throw new ScriptException(e.Message);
        }
        catch (ScriptAbortedException e)
        {
            throw new TestAbortedException(e.Message);
        }
        finally
        {
            Interrupt.Token = default;
        }

        rejections.Clear();
        InInit = false;
        Stacks.InModuleCode = false;
    }

    private void ProcessImport(Jint.Runtime.Modules.ModuleImportOperation import)
    {
        Engine.Advanced.ProcessTasks();
        if (import.IsFaulted)
        {
            rejections.Clear();
            throw import.Error is { } error ? new UncaughtRejectionException(StackTraces.TextOfRejection(error)) : new ScriptException("the script could not be loaded", isStackTrace: false);
        }
    }

    private void Then(JsValue promise, Action<JsValue> onFulfilled)
    {
        var handler = new ClrFunction(Engine, "", (_, arguments) =>
        {
            onFulfilled(arguments.Length > 0 ? arguments[0] : JsValue.Undefined);
            return JsValue.Undefined;
        });

        // A derived promise of our own would count as unhandled when the script's is rejected, so a rejection is passed on to the tracker as it is.
        _ = Engine.Call(promise.AsObject().Get("then"), promise, [handler]);
    }

    private void AbandonLoop()
    {
        foreach (var timer in Loop.Clear())
        {
            Test.Log.Warning($"{timer} was stopped because the VU iteration was interrupted");
        }

        rejections.Clear();
    }

    private void Track(PromiseRejectionTrackerEventArgs e)
    {
        if (e.Operation == Jint.Native.Promise.PromiseRejectionOperation.Reject)
        {
            rejections.Add((e.Promise, e.Value));
        }
        else
        {
            rejections.RemoveAll(r => ReferenceEquals(r.Promise, e.Promise));
        }
    }

    private string FrameOf(string name, in Acornima.SourceLocation location)
    {
        if (wantsFrameUrl)
        {
            frameUrl ??= location.SourceFile;
            return "";
        }

        return StackTraces.Frame(Program, name, location);
    }
}

/// <summary>A promise was rejected and nobody handled it. The message is the reason's text with its stack.</summary>
internal sealed class UncaughtRejectionException(string message) : Exception(message);
